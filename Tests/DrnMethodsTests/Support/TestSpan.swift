import DrnSource

/// A span for options made in tests.
let testSpan = Span(file: FileID(0), start: 0, end: 0)
