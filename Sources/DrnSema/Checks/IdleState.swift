import DrnMethods

/// What is said where a state policy has no state to act on.
struct IdleState {
  let message: String
  let help = "leave it out, or give the optimizer a momentum"

  /// `update` keeps no slots.
  init(_ update: any Update) {
    message = "`state` has nothing to act on: `\(type(of: update).spec.name)` keeps no state between steps"
  }
}
