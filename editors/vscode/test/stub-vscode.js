'use strict';
// Makes `require('vscode')` find the stub beside this file.
const Module = require('module');
const path = require('path');

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return request === 'vscode' ? path.join(__dirname, 'vscode.js') : resolve.call(this, request, ...rest);
};
