struct ExtentsRule: VerifierRule {
  let id = "extents"
  let summary = "A concrete type has no negative extent, and its number of elements can be counted."

  func check(_ module: Module) -> [VerifierFinding] {
    module.functions.flatMap { function in
      function.values.enumerated().compactMap { index, info in
        guard info.type.extents != nil, info.type.elementCount == nil else { return nil }
        return finding("value \(index) cannot have the type \(print(info.type))", function)
      }
    }
  }
}
