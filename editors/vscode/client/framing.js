'use strict';
// Messages of the language server protocol: a header with the length in bytes, an empty line, JSON.

const END_OF_HEADER = Buffer.from('\r\n\r\n');
const LONGEST_HEADER = 4096;

function encode(message) {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`, 'ascii'), body]);
}

/** Collects the bytes of a stream and gives out the messages in them, however they were cut. */
class Decoder {
  constructor() {
    this.bytes = Buffer.alloc(0);
    this.length = undefined;
  }

  /** The messages that these bytes complete. Throws when the stream is no sequence of messages. */
  push(chunk) {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    const messages = [];
    for (;;) {
      if (this.length === undefined && !this.readHeader()) return messages;
      if (this.bytes.length < this.length) return messages;
      messages.push(JSON.parse(this.bytes.toString('utf8', 0, this.length)));
      this.bytes = this.bytes.subarray(this.length);
      this.length = undefined;
    }
  }

  readHeader() {
    const end = this.bytes.indexOf(END_OF_HEADER);
    if (end < 0) {
      if (this.bytes.length > LONGEST_HEADER) throw new Error('the server wrote something that is no message');
      return false;
    }
    const header = this.bytes.toString('ascii', 0, end);
    const match = /^content-length: *(\d+) *$/im.exec(header);
    if (!match) throw new Error(`a message without a length: ${header}`);
    this.length = Number(match[1]);
    this.bytes = this.bytes.subarray(end + END_OF_HEADER.length);
    return true;
  }
}

module.exports = { encode, Decoder };
