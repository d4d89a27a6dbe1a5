" Vim syntax of .drn files. A later rule wins over an earlier one that begins at the same place.
if exists('b:current_syntax')
  finish
endif

syntax case match

syntax match drnName /\<[A-Za-z_]\w*\>/
syntax match drnCall /\<[A-Za-z_]\w*\>\ze\s*(/

syntax match drnNumber /\<\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][+-]\?\d[0-9_]*\)\?%\?/
syntax match drnOperator /[-+*/=<>]\|==\|!=\|<=\|>=\||>\|->/

" `if`, `of` and their kin; before a `:` they are ordinary names.
syntax match drnConditional /\<\%(if\|else\)\>/
syntax match drnRepeat /\<repeat\>/
syntax match drnKeyword /\<\%(return\|let\|except\|on\|import\|from\|every\|at\|by\)\>/
syntax match drnDeclaration /\<\%(data\|block\|network\|train\)\>/
syntax match drnWordOperator /\<\%(of\|div\|mod\|and\|or\|not\)\>/
syntax match drnBoolean /\<\%(true\|false\)\>/

syntax match drnProperty /\<[A-Za-z_]\w*\>\ze\%(\s\|\n\)*:/
syntax match drnDeclared /\%(\<\%(data\|network\|block\)\s\+\)\@<=[A-Za-z_]\w*\>/
syntax match drnDeclared /\%(\<train\s\+\)\@<=[A-Za-z_]\w*\>/
syntax match drnDeclared /\%(\<train\s\+\h\w*\s\+on\s\+\)\@<=[A-Za-z_]\w*\>/

" A unit after a number or a value, or before the number of a moment; `step(...)` is a call and `step: 1` an argument.
syntax match drnUnit /\%(\%(\w\|)\)\s*\)\@<=\<\%(epochs\?\|steps\?\)\>/
syntax match drnUnit /\%(\d\s*\)\@<=\%(epochs\?\|steps\?\)\>/
syntax match drnUnit /\<\%(epoch\|step\)\>\ze\s\+\w/
syntax match drnName /\%(\<\%(at\|from\)\s\+\)\@<=\%(epoch\>\|step\>\)\@!\h\w*\ze\s*:/
syntax match drnName /\%(\<\%(epoch\|step\)\s\+\)\@<=\h\w*\ze\s*:/
syntax match drnName /\<\h\w*\ze\s\+\%(epochs\?\|steps\?\)\s*:/

" A `*` that touches a name, a point or a bracket belongs to a selector.
syntax match drnSelector /\%(\h\%(\w\|\.\h\|\[\d\+\]\)*\%(\*\|\.\*\|\[\*\]\)\|\*\%(\w\|\*\|\.[A-Za-z_*]\|\[[0-9*]\)\@=\)\%(\w\|\.\h\|\[\d\+\]\|\*\|\.\*\|\[\*\]\)*/

syntax match drnEscape /\\["\\nt]/ contained
syntax match drnEscapeError /\\[^"\\nt]/ contained
syntax region drnString start=/"/ skip=/\\./ end=/"/ end=/$/ contains=drnEscape,drnEscapeError oneline
syntax match drnComment /\/\/.*$/ contains=@Spell,drnTodo
syntax keyword drnTodo TODO FIXME NOTE contained

syntax region drnFold start=/{/ end=/}/ transparent fold

highlight default link drnComment Comment
highlight default link drnTodo Todo
highlight default link drnString String
highlight default link drnEscape SpecialChar
highlight default link drnEscapeError Error
highlight default link drnNumber Number
highlight default link drnBoolean Boolean
highlight default link drnSelector Special
highlight default link drnDeclaration Structure
highlight default link drnKeyword Statement
highlight default link drnConditional Conditional
highlight default link drnRepeat Repeat
highlight default link drnWordOperator Operator
highlight default link drnOperator Operator
highlight default link drnUnit Type
highlight default link drnDeclared Identifier
highlight default link drnProperty Label
highlight default link drnCall Function

syntax sync fromstart
let b:current_syntax = 'drn'
