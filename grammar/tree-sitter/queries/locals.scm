(file) @local.scope
(block) @local.scope
(network) @local.scope

(data name: (name) @local.definition)
(block name: (name) @local.definition)
(network name: (name) @local.definition)
(parameter name: (name) @local.definition)
(binding name: (name) @local.definition)

(train network: (name) @local.reference)
(train data: (name) @local.reference)
(stage callee: (name) @local.reference)
(call callee: (name) @local.reference)
(binding value: (name) @local.reference)
(result value: (name) @local.reference)
(argument value: (name) @local.reference)
(binary left: (name) @local.reference)
(binary right: (name) @local.reference)
(unary operand: (name) @local.reference)
(pipeline input: (name) @local.reference)
(index base: (name) @local.reference)
