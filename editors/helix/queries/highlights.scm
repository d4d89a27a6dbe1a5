; The names of Helix's themes for what grammar/tree-sitter/queries/highlights.scm names for Neovim.

(comment) @comment.line
(string) @string
[(integer) (decimal) (percent)] @constant.numeric
(boolean) @constant.builtin.boolean
(pattern) @string.special
(selector) @string.special

["data" "block" "network" "train" "let" "on" "except"] @keyword
"import" @keyword.control.import
["from" "every" "at" "by"] @keyword
["if" "else"] @keyword.control.conditional
"repeat" @keyword.control.repeat
"return" @keyword.control.return
["epoch" "epochs" "step" "steps"] @constant.builtin
["of" "div" "mod" "and" "or" "not"] @keyword.operator
["+" "-" "*" "/" "=" "==" "!=" "<" "<=" ">" ">=" "|>" "->"] @operator
["(" ")" "[" "]" "{" "}"] @punctuation.bracket
["," ":" "."] @punctuation.delimiter

(data name: (name) @type)
(block name: (name) @function)
(network name: (name) @type)
(train network: (name) @type)
(train data: (name) @type)
(parameter name: (name) @variable.parameter)
(parameter type: (name) @type.builtin)
(parameter type: (index base: (name) @type.builtin))
(network result: (name) @type.builtin)
(network result: (index base: (name) @type.builtin))
(binding name: (name) @variable)

(setting name: (name) @variable.other.member)
(clause name: (name) @keyword)
(argument name: (name) @variable.other.member)
(call callee: (name) @function)
(stage callee: (name) @function)
(stage label: (name) @label)
(group label: (name) @label)
(repetition label: (name) @label)
(conditional_stage label: (name) @label)
(member name: (name) @variable.other.member)
