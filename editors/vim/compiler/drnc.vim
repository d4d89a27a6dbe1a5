if exists('current_compiler')
  finish
endif
let current_compiler = 'drnc'

CompilerSet makeprg=drnc\ check\ --diagnostics\ plain\ %:S
" vim has no type for a hint; it is shown as a note.
CompilerSet errorformat=%f:%l:%c:\ %trror:\ %m,%f:%l:%c:\ %tarning:\ %m,%f:%l:%c:\ hi%tt:\ %m,%trror:\ %m,%tarning:\ %m
