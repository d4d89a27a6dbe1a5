/// The new form as the best approximation of the old weight in the Frobenius norm.
public struct BestApproximation: Transition {
  public static let spec = MethodSpec(
    "svd",
    summary: "The new form is the best approximation of the old weight (Eckart and Young 1936); exact where the new form can hold it.",
    options: [
      OptionSpec(
        "recalibrate", .method([Recalibrate.spec]), "`recalibrate(batch_norm, batches: 50)`: running statistics are computed anew."),
      OptionSpec("state", .state, "What becomes of the optimizer state; by default what `state:` of `train` says."),
      OptionSpec("error", .number(0...1), "The largest relative Frobenius error a truncation may make."),
      OptionSpec("rewarm", .duration, "A linear warm-up of the learning rate after the transition."),
    ], positional: 1)
  public let options: Options
  public init(options: Options) { self.options = options }

  public var state: StatePolicy? { options.state("state") }
  public var error: Double? { options.number("error") }
  public var rewarm: Duration? { options.duration("rewarm") }
  public var recalibrationBatches: Int { options.call("recalibrate").map(Recalibrate.init)?.batches ?? 0 }
}
