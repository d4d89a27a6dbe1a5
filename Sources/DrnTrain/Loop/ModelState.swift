import DrnCPU

/// Every tensor of a run by name, where it lies: weights, frozen bases, optimizer state, buffers; and what belongs to them.
///
/// While steps are run the tensors lie in the segment, so that this is a view of them; a boundary moves each once, to the next segment.
struct ModelState {
  var places: [String: TensorPlace] = [:]
  /// The rank of every weight, indexed like `CheckedProgram.weights`, 0 for a form without rank; then the extents of `CheckedProgram.extents`.
  var ranks: [Int]
  /// The step before which the optimizer state of a weight or vector last began, by its name whatever its form; 0 where there is none.
  var stateStarts: [String: Int] = [:]

  init(ranks: [Int]) { self.ranks = ranks }

  /// The updates that state has had after so many steps.
  func updates(of name: String, after steps: Int) -> Int { steps - (stateStarts[name] ?? 0) }

  /// As it is now, whatever is computed later.
  func stored() throws(TrainError) -> StoredState {
    var tensors: [String: [Float]] = [:]
    for (name, place) in places { tensors[name] = try place.values() }
    return StoredState(tensors: tensors, ranks: ranks, stateStarts: stateStarts)
  }

  init(_ stored: StoredState) {
    places = stored.tensors.mapValues(TensorPlace.values)
    (ranks, stateStarts) = (stored.ranks, stored.stateStarts)
  }
}

/// The state of a run with its values, row-major and without padding, as a checkpoint keeps it.
struct StoredState {
  var tensors: [String: [Float]]
  var ranks: [Int]
  var stateStarts: [String: Int]
}

/// Where a tensor lies, or what it is to hold.
package enum TensorPlace {
  /// In a segment; where an engine runs its steps, as that engine last left it.
  case port(SegmentPort, of: HostTensors? = nil)
  case values([Float])
  /// So many times the same value.
  case constant(Float, count: Int)

  /// Its values, row-major.
  func values() throws(TrainError) -> [Float] {
    switch self {
    case .port(let port, let tensors):
      try tensors?.refresh()
      do { return try port.read() } catch { throw TrainError(execution: error) }
    case .values(let values): return values
    case .constant(let value, let count): return [Float](repeating: value, count: count)
    }
  }

  /// Moves it into a segment.
  func write(to target: SegmentPort) throws(TrainError) {
    if case .port(_, let tensors) = self { try tensors?.refresh() }
    do {
      switch self {
      case .port(let port, _): try target.copy(from: port)
      case .values(let values): try target.write(values)
      case .constant(let value, let count):
        guard count == target.count else { return try target.write([Float](repeating: value, count: count)) }
        try target.fill(value)
      }
    } catch { throw TrainError(execution: error) }
  }

  /// The first value that is not finite.
  func firstNotFinite() throws(TrainError) -> Float? {
    switch self {
    case .port(let port, let tensors):
      try tensors?.refresh()
      do { return try port.firstNotFinite() } catch { throw TrainError(execution: error) }
    case .values(let values): return values.first { !$0.isFinite }
    case .constant(let value, _): return value.isFinite ? nil : value
    }
  }
}
