; Of several patterns that match a node, editors differ in which one wins, so no two of these match the same node with different names
; except where the more telling one comes last.

(comment) @comment
(string) @string
[(integer) (decimal) (percent)] @number
(boolean) @boolean
(pattern) @string.special
(selector) @string.special

["data" "block" "network" "train" "import" "let" "on" "except"] @keyword
["from" "every" "at" "by"] @keyword
["if" "else"] @conditional
"repeat" @repeat
"return" @keyword.return
["epoch" "epochs" "step" "steps"] @type.qualifier
["of" "div" "mod" "and" "or" "not"] @keyword.operator
["+" "-" "*" "/" "=" "==" "!=" "<" "<=" ">" ">=" "|>" "->"] @operator
["(" ")" "[" "]" "{" "}"] @punctuation.bracket
["," ":" "."] @punctuation.delimiter

(data name: (name) @type)
(block name: (name) @function)
(network name: (name) @type)
(train network: (name) @type)
(train data: (name) @type)
(parameter name: (name) @parameter)
(parameter type: (name) @type.builtin)
(parameter type: (index base: (name) @type.builtin))
(network result: (name) @type.builtin)
(network result: (index base: (name) @type.builtin))
(binding name: (name) @variable)

(setting name: (name) @property)
(clause name: (name) @keyword)
(argument name: (name) @property)
(call callee: (name) @function.call)
(stage callee: (name) @function.call)
(stage label: (name) @label)
(group label: (name) @label)
(repetition label: (name) @label)
(conditional_stage label: (name) @label)
(member name: (name) @property)
