import DrnIR

/// The scalar functions that fusion has added to a module; equal ones are shared.
struct FusedBodies {
  private(set) var module: Module
  private var names: [Function: String] = [:]

  init(_ module: Module) { self.module = module }

  /// The name of a function equal to `body`, which has none itself; where there is none, the one that `named` gives for a new name is added.
  mutating func name(_ body: Function, _ named: (String) -> Function) -> String {
    if let name = names[body] { return name }
    let taken = Set(module.functions.map(\.name))
    let name = (names.count...(names.count + taken.count)).map { "map\($0)" }.first { !taken.contains($0) } ?? "map"
    names[body] = name
    module.functions.append(named(name))
    return name
  }

  /// The name of a function equal to `body`, which has none itself.
  mutating func name(_ body: Function) -> String {
    name(body) { name in
      var named = body
      named.name = name
      return named
    }
  }
}
