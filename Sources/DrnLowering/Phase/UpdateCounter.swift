import DrnIR
import DrnMethods
import DrnProgram

/// A scalar argument of the step: how many updates the state of some tensors has had, the step's own included.
public struct UpdateCounter: Hashable, Sendable {
  /// `step` for one of the counters of a phase, `step/fc1.weight` for any further one.
  public let argument: String
  /// A weight or vector that it counts for, by its name whatever its form.
  public let owner: String
}

/// Which weights and vectors of a program count the updates of their state together: those whose state always begins at the same time.
struct UpdateHistory {
  private let program: CheckedProgram

  init(_ program: CheckedProgram) { self.program = program }

  /// The names of the weights and vectors whose state begins on entering a phase.
  func begins(entering phase: Int) -> Set<String> {
    let trained = program.phases[phase].trainable
    guard phase > 0 else { return trained }
    let (before, after) = (program.phases[phase - 1], program.phases[phase])
    let changes = program.weights.indices.filter { before.forms[$0] != after.forms[$0] }
    let policies = Dictionary(
      changes.map { (program.weights[$0].name, program.weights[$0].spans[after.forms[$0]].transition.state) }
    ) { first, _ in first }
    let restarts = policies.values.contains(.restart)
    return trained.filter { name in
      guard before.update(of: name).countsUpdates, after.update(of: name).countsUpdates else { return true }
      return !before.trainable.contains(name) || (policies[name]?.startsAnew ?? restarts)
    }
  }

  /// For the weights and vectors of a phase, the phase on entering which their state began.
  private func beginnings(in phase: Int) -> [String: Int] {
    var beginnings: [String: Int] = [:]
    for entered in 0...max(0, phase) { for name in begins(entering: entered) { beginnings[name] = entered } }
    return beginnings
  }

  /// The weights whose state an event can start anew while that of others goes on.
  private var resetByEvents: Set<String> {
    Set(
      program.events.flatMap { event -> [String] in
        guard event.weightEvent?.state == .reset else { return [] }
        return event.weights.map { program.weights[$0].name }
      })
  }

  /// The counter of each name, in the order of the names.
  func counters(_ names: [String], in phase: Int) -> [String: UpdateCounter] {
    let phaseOf = program.phases[phase]
    let (beginnings, alone) = (beginnings(in: phase), resetByEvents)
    var groups: [String: UpdateCounter] = [:]
    var counters: [String: UpdateCounter] = [:]
    for name in names {
      let isCounted = phaseOf.update(of: name).countsUpdates
      let key = isCounted ? "\(beginnings[name] ?? 0) \(alone.contains(name) ? name : "")" : "0 "
      let counter = groups[key] ?? UpdateCounter(argument: groups.isEmpty ? "step" : "step/\(name)", owner: name)
      groups[key] = counter
      counters[name] = counter
    }
    return counters
  }
}

extension Lowering {
  /// The counters of a phase's step, in the order of its arguments.
  public func counters(phase: Int) throws(IRError) -> [UpdateCounter] { try layout(phase).counters }

  /// The weights and vectors whose optimizer state begins on entering a phase, by their names whatever their form.
  public func stateBegins(entering phase: Int) -> Set<String> { UpdateHistory(program).begins(entering: phase) }
}
