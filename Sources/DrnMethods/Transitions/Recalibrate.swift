/// Running statistics computed anew after a transition.
struct Recalibrate {
  static let spec = MethodSpec(
    "recalibrate", summary: "Running statistics are computed anew before training goes on.",
    options: [
      OptionSpec("statistics", .word(["batch_norm"]), required: true, "Which statistics: those of every `batch_norm`."),
      OptionSpec("batches", .integer(1...1_000_000), required: true, "Batches of the training split they are computed over."),
    ], positional: 1)
  let batches: Int
  init(_ call: OptionCall) { batches = Options(call, spec: Self.spec).integer("batches") ?? 0 }
}
