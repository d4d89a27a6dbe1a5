-- Opens a faulty model in Neovim, waits for its diagnostic, applies the code action, formats, and looks at hover and completion.
-- Written for the client of Neovim 0.7, which later versions still have.
local function fail(message)
  io.stderr:write('neovim: ' .. message .. '\n')
  vim.cmd('cquit 1')
end

local function check(holds, message)
  if not holds then fail(message) end
end

local function run()
  vim.cmd('edit ' .. vim.env.DRN_FILE)
  local id = vim.lsp.start_client({ name = 'drnc', cmd = { vim.env.DRNC, 'lsp' }, root_dir = vim.fn.fnamemodify(vim.env.DRN_FILE, ':h') })
  check(vim.wait(20000, function()
    local client = vim.lsp.get_client_by_id(id)
    return client and client.initialized
  end, 20), 'the server was not initialized')
  vim.lsp.buf_attach_client(0, id)
  check(vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 20), 'no diagnostic came')

  local found = vim.diagnostic.get(0)
  check(#found == 1, 'expected one diagnostic, got ' .. #found)
  local line = vim.api.nvim_buf_get_lines(0, found[1].lnum, found[1].lnum + 1, false)[1]
  check(line:sub(found[1].col + 1, found[1].end_col) == 'cross_entrpy', 'the diagnostic is about ' .. line:sub(found[1].col + 1, found[1].end_col))
  check(found[1].message:find('cross_entropy', 1, true), 'the message names no correction')

  local function request(method, parameters)
    local answers = vim.lsp.buf_request_sync(0, method, parameters, 10000)
    check(answers and answers[id] and not answers[id].err, method .. ' was not answered')
    return answers[id].result
  end

  local document = vim.lsp.util.make_text_document_params()
  local diagnostic = found[1].user_data.lsp and found[1].user_data.lsp.range
  local place = { line = found[1].lnum, character = vim.str_utfindex(line, found[1].col) }
  local _, units = vim.str_utfindex(line, found[1].col)
  local start = { line = found[1].lnum, character = units }
  local actions = request('textDocument/codeAction', { textDocument = document, range = { start = start, ['end'] = start }, context = { diagnostics = {} } })
  check(actions and #actions > 0 and actions[1].kind == 'quickfix', 'no code action')
  vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16')
  check(vim.wait(20000, function() return #vim.diagnostic.get(0) == 0 end, 20), 'the diagnostic stayed after the action')

  local edits = request('textDocument/formatting', { textDocument = document, options = { tabSize = 2, insertSpaces = true } })
  check(edits and #edits > 0, 'formatting changed nothing')
  vim.lsp.util.apply_text_edits(edits, 0, 'utf-16')
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  check(text:find('\n  batch: 100\n', 1, true) and text:find('\n  loss: cross_entropy\n', 1, true), 'the text is not laid out:\n' .. text)

  local hover = request('textDocument/hover', { textDocument = document, position = { line = 8, character = 20 } })
  check(hover and hover.contents.value:find('[64] -> [32]', 1, true), 'hover tells no shape')
  local offers = request('textDocument/completion', { textDocument = document, position = { line = 8, character = 28 } })
  check(offers and #offers > 5, 'no completion')
  vim.cmd('set nomodified')
  vim.lsp.stop_client(id)
  print('neovim: diagnostics, code action, formatting, hover and completion work\n')
  vim.cmd('qall!')
end

local ok, message = pcall(run)
if not ok then fail(tostring(message)) end
