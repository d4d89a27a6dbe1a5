import DrnIR
import DrnNumbers

/// Moves the mask of a sparse weight: the entries of least magnitude leave, others enter at random, as in MEST (arXiv 2110.14032,
/// `boone891214/MEST`).
///
/// Of N entries int(prune_to N) of largest magnitude stay, of equal ones and where fewer are not zero those of the mask before others and the
/// earlier first; then int(grow_to N) - int(prune_to N) of the rest enter, drawn without replacement, and begin at zero, so that growth leaves
/// W as it is. Where both shares are equal nothing enters, and a mask of that size stays. With `grow_to` at the target and `prune_to` below it
/// this is Elastic Mutation; with `prune_to` at the target and `grow_to` above it, its soft memory bound.
///
/// Departures, each deliberate: the published code prunes by a percentile, which keeps more or fewer where magnitudes are equal; and it leaves
/// the momentum of an entry that left, so that one that comes back is moved by old momentum. Here moments of entries outside the mask are zero.
public struct Mutate: ValueEvent {
  public static let spec = MethodSpec(
    "mutate", summary: "Entries of least magnitude leave the mask of a sparse weight, and others enter it at random.",
    source: "MEST, arXiv 2110.14032",
    options: [
      OptionSpec(
        "prune_to", .numbers(0...1), required: true,
        "The density that pruning leaves, one for the whole training or one before each moment of `at` and one after the last."),
      OptionSpec("grow_to", .numbers(0...1), required: true, "The density that growth reaches, likewise."),
      OptionSpec("at", .moments, "The moments at which the next densities hold."),
      OptionSpec(
        "state", .state, default: .word("carry"), "What becomes of optimizer state; of entries outside the mask it is zero in any case."),
    ])
  public let options: Options
  private let pruned: [Rational]
  private let grown: [Rational]
  public let moments: [Moment]
  public let state: StatePolicy

  public init(options: Options) {
    self.options = options
    pruned = options.shares("prune_to").map { min(max($0, 0), 1) }
    grown = options.shares("grow_to").map { min(max($0, 0), 1) }
    moments = options.moments("at") ?? []
    state = options.state("state") ?? .carry
  }

  public func acts(on form: any Parameterization) -> Bool { form is any MaskedForm }
  public static var concerns: String { "in a form with a mask" }
  public static var helpToConcern: String { "add `from epoch n: sparse(...)` to the clause" }
  public var pointless: [PointlessOption] {
    let lists = [("prune_to", pruned), ("grow_to", grown)].compactMap { name, shares -> PointlessOption? in
      guard shares.count > moments.count + 1 else { return nil }
      return PointlessOption(name, "has \(shares.count) densities for \(moments.count + 1) spans of time")
    }
    let neverGrows = (0...moments.count).allSatisfy { share(grown, $0) <= share(pruned, $0) }
    let neverPrunes = pruned.allSatisfy { $0 >= 1 }
    return lists + (neverGrows ? [PointlessOption("grow_to", "is nowhere above `prune_to`, so that nothing enters the mask")] : [])
      + (neverPrunes ? [PointlessOption("prune_to", "leaves every entry")] : [])
  }
  public func variant(passed: Int) -> Int { passed }
  /// The largest share of entries that a firing leaves in the mask.
  public var largestDensity: Rational { (pruned + grown).max() ?? 1 }

  /// The share of a variant; the last one where a list is shorter.
  private func share(_ shares: [Rational], _ variant: Int) -> Rational {
    shares.indices.contains(variant) ? shares[variant] : shares.last ?? 1
  }

  public func change(_ change: ValueChange, in builder: inout Builder) throws(IRError) -> ChangedValues {
    guard let form = change.weight.form as? any MaskedForm else { throw IRError("\(change.name) has no mask") }
    var (parameters, slots, measured) = (change.parameters, change.slots, [(name: String, value: Value)]())
    var (before, active, entered) = ([Value](), [Value](), [Value]())
    for (index, place) in form.masks(change.weight.shape, rank: change.weight.rank).enumerated() {
      let (w, mask) = (parameters[place.tensor], parameters[place.mask])
      let (pruned, grown) = (share(pruned, change.variant), share(grown, change.variant))
      // An entry of the mask that is zero goes before one outside it.
      let magnitude = try builder.multiply(try builder.emitOne(.absolute, [w]), mask)
      let keep = try builder.largest(
        try builder.add(magnitude, try builder.scale(mask, by: Self.least)), pruned.numerator, of: pruned.denominator)
      let all = max(pruned, grown)
      let order = try builder.drawn(after: keep, stream: "\(change.name)/grow\(index)", key: change.key)
      let new = try builder.largest(order, all.numerator, of: all.denominator)
      parameters[place.tensor] = try builder.multiply(w, keep)
      parameters[place.mask] = new
      before.append(try builder.sumAll(mask))
      active.append(try builder.sumAll(parameters[place.mask]))
      entered.append(try builder.sumAll(try builder.multiply(new, try builder.subtract(try builder.constant(1), mask))))
      for slot in slots.indices {
        guard let moment = slots[slot].content[place.tensor] else { continue }
        var content = slots[slot].content
        content[place.tensor] = try builder.multiply(moment, keep)
        slots[slot] = TransitionRequest.Slot(slots[slot].spec, content: content)
      }
    }
    measured = [
      ("active_before", try builder.total(before)), ("active", try builder.total(active)), ("entered", try builder.total(entered)),
    ]
    return ChangedValues(parameters: parameters, slots: slots, measured: measured)
  }
  /// Below every magnitude that training reaches, and above zero in single precision.
  private static let least = 1e-30
}

/// A form some of whose trained tensors are multiplied by masks of zeros and ones.
public protocol MaskedForm: Parameterization {
  /// The masked tensors and their masks, as indices among the parameters.
  func masks(_ shape: WeightShape, rank: Dimension) -> [(tensor: Int, mask: Int)]
}

extension Builder {
  /// An order of entries: those of a mask first, then the others as drawn.
  fileprivate mutating func drawn(after mask: Value, stream: String, key: Value) throws(IRError) -> Value {
    let random = try add(try randomUniform(type(of: mask).shape, limit: 1, stream: stream, key: key), try constant(2))
    return try maximum(random, try scale(mask, by: 4))
  }
  fileprivate mutating func total(_ scalars: [Value]) throws(IRError) -> Value {
    var sum = try constant(0)
    for scalar in scalars { sum = try add(sum, scalar) }
    return sum
  }
}

extension Options {
  /// A list of numbers as exact shares; a single one is a list of one.
  fileprivate func shares(_ name: String) -> [Rational] {
    guard case .list(let items)? = self[name] else { return share(name).map { [$0] } ?? [] }
    return items.compactMap(\.value.share)
  }
}
