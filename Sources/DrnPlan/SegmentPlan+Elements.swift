import DrnIR

extension SegmentPlan {
  /// The number of elements of all persistent slots of a role, without padding.
  public func elements(_ role: Role) -> Int {
    slots.filter { $0.kind == .persistent && $0.role == role }.reduce(0) { $0 + $1.layout.count }
  }
}
