import DrnData
import DrnJSON
import DrnMethods

/// Frames of log-mel energies, of a recording.
public struct LogMel: DataPreparation {
  public static let spec = MethodSpec(
    "log_mel", summary: "Makes frames of a recording: the logarithms of the energies of mel bands, under a window that moves on.",
    source: "mel scale and filters: Young et al., The HTK Book",
    options: [
      OptionSpec(
        "window", .integer(2...65_536), required: true,
        "Samples of a frame; the transform has as many points, rounded up to a power of two."),
      OptionSpec("hop", .integer(1...65_536), required: true, "Samples from one frame to the next."),
      OptionSpec("bands", .integer(1...1024), required: true, "Values of a frame."),
    ])
  public static let takesRecordings = true
  public let options: Options
  public init(options: Options) { self.options = options }

  public func frames(rate: Int) -> LogMelFrames? {
    LogMelFrames(
      rate: rate, window: options.integer("window") ?? 2, hop: options.integer("hop") ?? 1, bands: options.integer("bands") ?? 1)
  }
  public func fitted(to data: DataSet, indices: [Int]) -> Preparation? { nil }
  public func description(of map: Preparation, shape: [Int]) -> JSON? { nil }
}
