/// How tensors of optimizer state are divided over devices, each by its first axis whose extent they divide.
///
/// Every device updates its part alone; what it makes of the weights is gathered. Source: Rajbhandari et al., "ZeRO: Memory Optimizations Toward
/// Training Trillion Parameter Models" (2020), section 5.1, the stage that divides the state of the optimizer.
public struct StateDivision: Hashable, Sendable {
  /// Over so many, at least 1; one divides nothing.
  public let devices: Int
  public init(devices: Int) { self.devices = max(1, devices) }

  /// The axis that is divided; `nil` where the tensor is whole on every device.
  public func axis(of extents: [Int]) -> Int? {
    devices == 1 ? nil : extents.firstIndex { $0 > 0 && $0.isMultiple(of: devices) }
  }

  /// The elements that each device holds of a tensor.
  public func elements(of extents: [Int]) -> Int { extents.reduce(1, &*) / (axis(of: extents) == nil ? 1 : devices) }
}
