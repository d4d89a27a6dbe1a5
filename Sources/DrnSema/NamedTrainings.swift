import DrnProgram

extension CheckResult {
  /// The trainings of the file by name: a training is called as its network; several of one network are numbered as layers of one name are:
  /// `mlp[0]`, `mlp[1]`.
  public var namedTrainings: [(name: String, program: CheckedProgram)] {
    var numbers: [String: Int] = [:]
    let counts = Dictionary(programs.map { ($0.network.name, 1) }, uniquingKeysWith: +)
    return programs.map { program in
      let name = program.network.name
      defer { numbers[name, default: 0] += 1 }
      return (counts[name] == 1 ? name : "\(name)[\(numbers[name, default: 0])]", program)
    }
  }

  /// The training of that name: of a network with one training the name of the network does as well. Without a name the only one there is.
  public func training(named name: String?) -> CheckedProgram? {
    let named = namedTrainings
    guard let name else { return named.count == 1 ? named[0].program : nil }
    if let exact = named.first(where: { $0.name == name }) { return exact.program }
    let ofNetwork = named.filter { $0.program.network.name == name }
    return ofNetwork.count == 1 ? ofNetwork[0].program : nil
  }
}
