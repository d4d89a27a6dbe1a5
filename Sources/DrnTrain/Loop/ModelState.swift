/// Every tensor of a run between two segments, by name: weights, frozen bases, optimizer state, buffers; row-major, without padding.
struct ModelState {
  var tensors: [String: [Float]] = [:]
  /// The rank of every weight, indexed like `CheckedProgram.weights`; 0 for a form without rank.
  var ranks: [Int]
  /// Updates applied since the whole optimizer was last reset.
  var updateCount = 0
}
