[
  (data) (block) (network) (train) (clause) (conditional) (conditional_stage) (group) (repetition) (list) (record) (call) (pipeline)
] @indent.begin

["}" ")" "]"] @indent.branch @indent.end
(comment) @indent.ignore
