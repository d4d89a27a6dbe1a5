import DrnIR
import DrnMethods

/// A number of a weight beside its rank that changes while training, see `ExtentSpec`.
public struct WeightExtent: Hashable, Sendable {
  /// An index into `CheckedProgram.weights`.
  public let weight: Int
  /// Its name among the extents of that weight.
  public let name: String
  public init(weight: Int, name: String) {
    self.weight = weight
    self.name = name
  }
}

/// Where lists of ranks are indexed like the weights, the extents follow them, in the order of `extents`: one list says all that shapes
/// depend on.
extension CheckedProgram {
  /// Every extent that some weight has at some time.
  static func extents(of weights: [WeightPlan], in phases: [Phase]) -> [WeightExtent] {
    weights.enumerated().flatMap { index, plan -> [WeightExtent] in
      var names: [String] = []
      for phase in phases {
        for spec in extents(of: plan, index, in: phase) where !names.contains(spec.name) { names.append(spec.name) }
      }
      return names.map { WeightExtent(weight: index, name: $0) }
    }
  }

  /// Those of a weight in a phase.
  public func extents(of weight: Int, in phase: Phase) -> [ExtentSpec] { Self.extents(of: weights[weight], weight, in: phase) }

  private static func extents(of plan: WeightPlan, _ weight: Int, in phase: Phase) -> [ExtentSpec] {
    let form = plan.spans[phase.forms[weight]].form
    let ofUpdate = phase.trainable.contains(plan.name) ? phase.update(of: plan.name).extents(of: form, plan.shape) : []
    return form.extents(plan.shape) + ofUpdate
  }

  /// The place of an extent in a list of ranks.
  public func rankIndex(of extent: WeightExtent) -> Int? { extents.firstIndex(of: extent).map { weights.count + $0 } }

  /// The extents of a weight in a list of ranks.
  public func extents(of weight: Int, in ranks: [Int]) -> WeightExtents<Int> {
    var others: [String: Int] = [:]
    for (offset, extent) in extents.enumerated() where extent.weight == weight && ranks.indices.contains(weights.count + offset) {
      others[extent.name] = ranks[weights.count + offset]
    }
    return WeightExtents(rank: ranks[weight], others: others)
  }

  /// The form of a weight in a phase at the ranks of a list.
  public func form(of weight: Int, phase: Int, ranks: [Int]) -> any Parameterization {
    let form = weights[weight].spans[phases[phase].forms[weight]].form
    return form.bound(to: extents(of: weight, in: ranks).others.mapValues { Dimension($0) })
  }

  /// The ranks of every weight on entry to a phase, as the schedule states them; where the rank is decided at run time what it is priced at.
  public func scheduledRanks(phase index: Int) -> [Int] {
    let phase = phases[index]
    let ranks = zip(weights, phase.forms).map { weight, form in weight.spans[form].scheduledRank }
    return ranks
      + extents.map { extent in
        extents(of: extent.weight, in: phase).first { $0.name == extent.name }.map { $0.initial ?? $0.bounds.upperBound } ?? 0
      }
  }
}

extension FormSpan {
  /// The rank on entry; of one that is decided at run time what it is priced at.
  public var scheduledRank: Int { rank ?? plannedRank ?? rankBounds.upperBound }
}

extension CheckedProgram {
  /// Puts the extents of a weight into a list of ranks.
  public func set(_ new: WeightExtents<Int>, of weight: Int, in ranks: inout [Int]) {
    ranks[weight] = new.rank
    for (name, number) in new.others {
      if let place = rankIndex(of: WeightExtent(weight: weight, name: name)), ranks.indices.contains(place) { ranks[place] = number }
    }
  }
}
