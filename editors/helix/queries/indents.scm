[
  (data) (block) (network) (train) (clause) (conditional) (conditional_stage) (group) (repetition) (list) (record) (call)
] @indent

["}" ")" "]"] @outdent
