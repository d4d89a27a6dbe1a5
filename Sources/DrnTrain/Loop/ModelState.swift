/// Every tensor of a run between two segments, by name: weights, frozen bases, optimizer state, buffers; row-major, without padding.
struct ModelState {
  var tensors: [String: [Float]] = [:]
  /// The rank of every weight, indexed like `CheckedProgram.weights`; 0 for a form without rank.
  var ranks: [Int]
  /// The step before which the optimizer state of a weight or vector last began, by its name whatever its form; 0 where there is none.
  var stateStarts: [String: Int] = [:]

  /// The updates that state has had after so many steps.
  func updates(of name: String, after steps: Int) -> Int { steps - (stateStarts[name] ?? 0) }
}
