import DrnMethods
import DrnProgram
import DrnSema
import DrnSyntax

/// What keywords, settings and words mean, in one sentence each.
enum Glossary {
  static func keyword(_ keyword: Keyword) -> String {
    switch keyword {
    case .data: "declares a data set: where examples come from, their shape, and what is to be learned"
    case .block: "declares a part of networks with parameters; every call has weights of its own"
    case .network: "declares a network: its input, its layers, its result"
    case .train: "says how a network is trained on a data set: settings, forms of weights over time, events"
    case .import: "makes the declarations of another file visible; the path is relative to this file"
    case .let: "gives a value a name; a layer bound this way is called by it"
    case .if: "takes one of two values, or applies stages only where a condition holds"
    case .else: "what holds where the condition does not"
    case .repeat: "applies stages a number of times, each time with weights of their own"
    case .return: "the value of the block or network"
    case .from: "from this moment on the value holds, until the next `from`"
    case .every: "does something again and again, once in each period"
    case .at: "does something at one moment or several"
    case .by: "says how a weight gets into its new form, and what becomes of the optimizer state"
    case .except: "takes layers out of a selection"
    case .on: "names the data set a network is trained on"
    case .true, .false: "a truth value"
    case .of: "a share of something: `1/2 of outputs`"
    case .div: "whole-number division, rounded down"
    case .mod: "the remainder of `div`"
    case .and: "true where both sides are"
    case .or: "true where one side is"
    case .not: "true where its operand is false"
    case .epoch, .epochs: "one pass over the training examples; time is counted from 0 over the whole training"
    case .step, .steps: "one update of the weights; time is counted from 0 over the whole training"
    }
  }

  static func clause(_ name: String) -> String {
    switch name {
    case "weights": "the forms of the selected weights over time"
    case "cycle": "repeats spans given by their length"
    case _: SettingOwner.train[name].map { $0.summary + ", over time" } ?? "a clause"
    }
  }

  static func word(_ word: String) -> String? {
    words[word] ?? MethodFamily.selection.specs.first { $0.name == word }?.summary
  }

  private static let words: [String: String] = [
    "reset": "optimizer state of the weights that change starts anew, that of the others goes on",
    "restart": "the optimizer starts anew as a whole, also for the layers that keep their form",
    "carry": "optimizer state goes along through the change of coordinates",
    "prune": "state is carried, then all but the largest entries are set to zero",
    "outputs": "the columns of a weight: the length of its layer's result",
    "inputs": "the rows of a weight: the length of its layer's input",
    "short_side": "the smaller of a weight's two sides, its full rank",
    "full": "the full rank: the short side",
    "current": "the rank the weight has when the entry takes effect",
    "budget": "the ranks that keep the most of all weights of the entry for a share of their dense cost, decided at run time",
    "energy": "the smallest rank that keeps this share of the squared singular values, decided at run time",
    "explained_variance": "InRank's criterion on the variance of the singular values (arXiv 2306.11250), decided at run time",
    "linear": "a share that goes linearly from the first selected layer to the last",
    "end": "the end of training",
    "start": "the beginning of training",
    "dense_cost": "the same cost of the network with every weight dense",
    "factors": "decay acts on each factor: a nuclear-norm penalty on the product",
    "product": "decay acts on the product, as on a dense weight",
    "average": "the mean over the training steps", "final": "the value of the last phase",
    "maximum": "the largest of any phase", "total": "the sum over all steps",
  ]

  static func type(_ name: String) -> String? {
    switch name {
    case "tensor": "a tensor; in brackets the shape of one example"
    case "int": "a whole number"
    case "float": "a real number"
    case "bool": "true or false"
    case "class": "one of a number of classes"
    case _: nil
    }
  }
}

extension MethodSpec {
  /// `factored(rank, initial: glorot)`: the options as they are given in a call.
  var signature: String {
    guard !options.isEmpty else { return name }
    return "\(name)(" + options.map(\.parameterText).joined(separator: ", ") + ")"
  }
}

extension OptionSpec {
  /// `rank: 64` with its default, or `rank` when it has none.
  var parameterText: String { defaultValue.map { "\(name): \($0.text)" } ?? (isRequired ? name : "\(name)?") }

  /// What it takes and what it means.
  var explanation: String { "takes \(kind.description). \(summary)" }
}

extension SettingSpec {
  /// What it is, what it takes, and an entry of it.
  var explanation: String { "\(summary)\n\nTakes \(kind.description); \(fallback).\n\n`\(example)`" }
}
