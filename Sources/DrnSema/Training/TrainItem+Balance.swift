import DrnProgram
import DrnSyntax

extension TrainItem {
  /// Whether it weighs classes by how many examples they have, which its data then counts.
  var balancesClasses: Bool {
    entries.contains { entry in
      guard case .setting(let setting) = entry, setting.name.text == TrainingSettings.Table.classWeights.name,
        case .name(TrainingSettings.balanced) = setting.value.kind
      else { return false }
      return true
    }
  }
}
