if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal comments=:// commentstring=//\ %s
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal formatoptions-=t formatoptions+=croql
setlocal suffixesadd=.drn include=^\\s*import
if executable('drnc')
  setlocal formatprg=drnc\ fmt\ -
endif
compiler drnc

let b:undo_ftplugin = 'setlocal comments< commentstring< expandtab< shiftwidth< softtabstop< formatoptions< suffixesadd< include<'
      \ . ' formatprg< errorformat< makeprg<'
