import DrnIR

extension HLOBuilder {
  mutating func translate(_ op: TokenOp, _ given: OperationTranslation) -> HLOValue {
    let (tokens, shape) = (given.operands[0], given.shape)
    switch op {
    case .oneHot: return oneHot(tokens, columns: shape[1])
    case .gatherRows:
      let chosen = rows(of: given.operands[1], at: tokens)
      let isThere = broadcast(areIn(tokens, count: given.operands[1].shape[0]), shape, [0])
      return select(isThere, chosen, constant(0))
    case .scatterRows: return sums(of: given.operands[1], at: tokens, rows: shape[0])
    }
  }
}
