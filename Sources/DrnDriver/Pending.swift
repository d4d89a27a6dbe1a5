import DrnSema
func describeSchedule(_ program: CheckedProgram) -> String { "" }
func describeSelectors(_ program: CheckedProgram) -> String { "" }
func resolvedConfiguration(_ program: CheckedProgram) -> String { "" }
