import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// One point of a weights clause, evaluated: a form and how weights come into it.
struct FormPoint {
  let point: TimelinePoint
  let form: any Parameterization
  /// `nil` for the first point, where nothing changes.
  let transition: TransitionSettings?
  /// The clause it is an entry of.
  let clause: ClauseEntry
  var word: String { type(of: form).spec.name }
}

/// A weights clause after checking.
struct FormPlan {
  let clause: ClauseEntry
  /// Indices of the claimed weights, in network order.
  let sites: [Int]
  let points: [FormPoint]
  let events: [EventPlan]
  /// The update the clause gives its weights, and where.
  let update: TimedValue<any Update>?
  /// The precision of the products of these weights, and where.
  let precision: (value: ProductPrecision, span: Span)?
}
