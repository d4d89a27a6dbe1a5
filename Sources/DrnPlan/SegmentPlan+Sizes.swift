import DrnIR

extension SegmentPlan {
  /// Bytes of the slots of one role that are kept between steps.
  public func persistentBytes(_ role: Role) -> Int {
    slots.reduce(0) { $1.kind == .persistent && $1.role == role ? $0 + $1.layout.bytes : $0 }
  }
  /// Bytes of all slots that are kept between steps.
  public var persistentBytes: Int { bytes(.persistent) }
  /// Bytes of the batch, the scalars and the key.
  public var inputBytes: Int { bytes(.input) }
  /// Bytes of losses, metrics and other results.
  public var outputBytes: Int { bytes(.output) }
  /// The largest work space of one operation; part of `temporaryBytes`.
  public var scratchBytes: Int { functions.flatMap(\.scratch).reduce(0) { max($0, $1.bytes) } }

  private func bytes(_ kind: Slot.Kind) -> Int { slots.reduce(0) { $1.kind == kind ? $0 + $1.layout.bytes : $0 } }
}
