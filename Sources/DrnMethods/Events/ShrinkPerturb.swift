import DrnIR

/// Multiplies the trained numbers of a weight and adds fresh noise, so that training goes on from where a new network could have been
/// (Ash and Adams 2020, arXiv 1910.08475): theta becomes shrink theta + p, the entries of p normal with deviation `noise`.
///
/// In a form of several tensors each trained one is shrunk and perturbed by itself; frozen ones stay, and entries outside a mask stay zero.
///
/// Departures, each deliberate: biases, scales and offsets stay as they are, being no weights; optimizer state may be carried, where the publication
/// begins a new training.
public struct ShrinkPerturb: ValueEvent {
  public static let spec = MethodSpec(
    "shrink_perturb", summary: "Multiplies the trained numbers of a weight by `shrink` and adds normal noise.",
    source: "Ash and Adams 2020, arXiv 1910.08475",
    options: [
      OptionSpec("shrink", .number(0...1), required: true, "What is left of each number; at 0 the weight begins anew."),
      OptionSpec("noise", .number(0...1e6), required: true, "The standard deviation of what is added to each."),
      .before,
      OptionSpec("state", .state, default: .word("reset"), "What becomes of optimizer state; carried moments stay as they are."),
    ], positional: 2)
  public let options: Options
  private let shrink: Double
  private let noise: Double
  public let before: Moment?
  public let state: StatePolicy

  public init(options: Options) {
    self.options = options
    shrink = options.number("shrink") ?? 1
    noise = options.number("noise") ?? 0
    before = options.moment("before")
    state = options.state("state") ?? .reset
  }

  public func acts(on form: any Parameterization) -> Bool { true }
  public static var concerns: String { "in any form" }
  public static var helpToConcern: String { "add `from epoch 0: dense` to the clause" }
  public var pointless: [PointlessOption] {
    (shrink == 1 ? [PointlessOption("shrink", "is 1, which leaves every number as it is")] : [])
      + (noise == 0 ? [PointlessOption("noise", "is 0, so that nothing is added")] : [])
  }
  public func variant(passed: Int) -> Int { 0 }

  public func change(_ change: ValueChange, in builder: inout Builder) throws(IRError) -> ChangedValues {
    let (form, shape, rank) = (change.weight.form, change.weight.shape, change.weight.rank)
    let masks = (form as? any MaskedForm)?.masks(shape, rank: rank) ?? []
    var parameters = change.parameters
    for index in form.trainedIndices(shape, rank: rank) {
      let old = parameters[index]
      var drawn = try builder.randomNormal(
        builder.type(of: old).shape, deviation: 1, stream: "\(change.name)/perturb\(index)", key: change.key)
      if let place = masks.first(where: { $0.tensor == index }) { drawn = try builder.multiply(drawn, parameters[place.mask]) }
      parameters[index] = try builder.add(try builder.scale(old, by: shrink), try builder.scale(drawn, by: noise))
    }
    let before = try form.reconstruct(change.parameters, shape: shape, rank: rank, in: &builder)
    let after = try form.reconstruct(parameters, shape: shape, rank: rank, in: &builder)
    let measured = [("norm_before", try builder.norm([before])), ("norm", try builder.norm([after]))]
    return ChangedValues(parameters: parameters, slots: change.slots, measured: measured)
  }
}
