import DrnIR

/// Where everything of a segment lies in one arena, and when.
///
/// The arena holds, in this order: persistent slots (weights, optimizer state, statistics), input slots (batch, scalars, key), output slots
/// (loss, metrics), and one temporary region that every function uses from the start. Offsets are bytes from the start of the arena and
/// multiples of `alignment`.
public struct SegmentPlan: Hashable, Sendable {
  /// Every offset is a multiple of this many bytes.
  public static let alignment = 64

  /// In the order of the arena.
  public var slots: [Slot]
  /// The functions that run in it.
  public var functions: [FunctionPlan]
  /// Where the temporary region starts.
  public var temporaryOffset: Int
  /// The largest need of any function for temporary values and scratch together.
  public var temporaryBytes: Int
  /// Bytes of the arena.
  public var totalBytes: Int { temporaryOffset + temporaryBytes }

  /// The plan of the function of that name.
  public func function(_ name: String) -> FunctionPlan? { functions.first { $0.name == name } }
}

/// Memory that outlives a call: one named argument or result, shared by all functions that name it.
public struct Slot: Hashable, Sendable {
  /// Why the slot is kept.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case persistent, input, output
  }
  /// The name of the argument or result.
  public var name: String
  /// What it stands for in the step.
  public var role: Role
  /// Why it is kept.
  public var kind: Kind
  /// Element type and concrete shape.
  public var type: TensorType
  /// How it lies in its bytes.
  public var layout: Layout
  /// From the start of the arena, in bytes.
  public var offset: Int
  /// Some function takes it as an argument.
  public var isArgument: Bool
  /// Some function returns it.
  public var isResult: Bool
}

/// The memory of one function: `moves` run after the last operation, in order.
public struct FunctionPlan: Hashable, Sendable {
  /// The function of the module.
  public var name: String
  /// Indexed by value; `nil` for values that no argument or operation defines.
  public var placements: [Placement?]
  /// One entry per operation: work space of its kernel, alive during that operation only.
  public var scratch: [Extent]
  /// In the order in which they run.
  public var moves: [Move]
  /// The slot of each argument.
  public var argumentSlots: [Int]
  /// The slot of each result.
  public var resultSlots: [Int]
}

/// A range of bytes.
public struct Extent: Hashable, Sendable {
  /// The first byte, counted from the start of the arena.
  public var offset: Int
  /// The length.
  public var bytes: Int
  public init(offset: Int, bytes: Int) {
    self.offset = offset
    self.bytes = bytes
  }
}

/// Where one value lies, and from when to when.
public struct Placement: Hashable, Sendable {
  /// How it lies in its bytes.
  public var layout: Layout
  /// From the start of the arena, in bytes.
  public var offset: Int
  /// The slot it lies in; `nil` in the temporary region.
  public var slot: Int?
  /// From its definition to its last use, both included. Operation i is time i; arguments are defined at -1; move j happens at
  /// `operations.count + j`; results are in use until `operations.count + moves.count`.
  public var lifetime: ClosedRange<Int>
}

/// A copy made after the last operation, for a result that could not be written where it belongs.
public struct Move: Hashable, Sendable {
  /// The first byte to read, counted from the start of the arena.
  public var source: Int
  /// The first byte to write, counted from the start of the arena.
  public var destination: Int
  /// How many bytes are copied.
  public var bytes: Int
}
