/// How far a run is at a checkpoint: whole epochs, and steps of the next.
struct CheckpointPlace: Hashable, Comparable, Sendable {
  let epoch: Int
  /// 0 at the end of an epoch.
  let step: Int

  init(epoch: Int, step: Int = 0) {
    self.epoch = epoch
    self.step = step
  }

  /// After so many steps of the run.
  init(step: Int, stepsPerEpoch: Int) { self.init(epoch: step / max(1, stepsPerEpoch), step: step % max(1, stepsPerEpoch)) }

  private static let prefix = "epoch-"
  private static let middle = "-step-"
  private static let suffix = ".safetensors"

  /// `epoch-000012.safetensors`, or `epoch-000012-step-000007.safetensors` within an epoch.
  var fileName: String { Self.prefix + Self.digits(epoch) + (step > 0 ? Self.middle + Self.digits(step) : "") + Self.suffix }

  init?(fileName: String) {
    guard fileName.hasPrefix(Self.prefix), fileName.hasSuffix(Self.suffix) else { return nil }
    let numbers = String(fileName.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)).split(
      separator: Self.middle, omittingEmptySubsequences: false
    ).map { Int($0) }
    guard numbers.count <= 2, let epoch = numbers[0], let step = numbers.count == 2 ? numbers[1] : 0 else { return nil }
    self.init(epoch: epoch, step: step)
  }

  static func < (left: CheckpointPlace, right: CheckpointPlace) -> Bool { (left.epoch, left.step) < (right.epoch, right.step) }

  private static func digits(_ number: Int) -> String {
    let digits = String(max(0, number))
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}
