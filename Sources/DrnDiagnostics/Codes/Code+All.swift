extension Code {
  /// Every code drnc can report, in numeric order. A test holds it against what is declared beside it.
  public static let all: [Code] = [
    // DRN00xx
    .importNotFound, .importCycle, .unknownOverride, .malformedOverride, .unreadableFile, .unwritableFile, .badOverride, .badShorten,
    .badTime, .noSuchPhase, .nothingToTrain, .unknownCode, .unknownVocabulary, .shortenedTooFar, .severalTrainings, .moreProblems,
    .badSweep, .dataNotUnderstood,
    // DRN01xx
    .unexpectedToken, .unclosedBracket, .strayToken, .unterminatedString, .unknownCharacter, .missingValue, .missingColon, .nestedTooDeeply,
    .numberTooLong, .keywordAsName, .crowdedMultiplication, .missingTransition, .missingComma, .unknownEscape, .bareDecimalPoint,
    .chainedComparison, .missingElse, .blockComment, .colonBeforeBrace, .malformedMoment,
    // DRN02xx
    .unknownName, .unknownLayer, .unknownMethod, .unknownOption, .duplicateOption, .missingOption, .optionKind, .optionRange,
    .surplusArgument, .duplicateDeclaration, .duplicateLabel, .recursiveBlock, .unknownDeclaration, .shapeMismatch, .resultShape,
    .parameterType, .divisionByZero, .numberOverflow, .operandKind, .missingReturn, .unknownType, .networkTooLarge, .unmatchedSelector,
    .claimedTwice, .unknownEntry, .duplicateEntry, .missingEntry, .unreadEntry, .notATensor, .selectorWithoutMatrix,
    // DRN03xx
    .rankTooSmall, .rankTooLarge, .missingStart, .scheduleOrder, .pastTheEnd, .overlap, .stateMissing, .eventNeverFires,
    .eventWithoutEffect, .notATime, .unknownOrder, .undeterminedRank, .zeroProduct, .decayMissing, .malformedRequirement, .malformedCycle,
    .formNeedsKernel, .groupedForm, .nothingWatched, .testBeforeEnd,
    // DRN04xx
    .dataShape, .dataClasses, .networkInput, .headOutputs, .lossTarget, .dataUnreadable, .emptyEpoch, .classWeightCount, .topKRange,
    .exampleCount, .dataDamaged, .mixedImageSizes, .dataEmpty, .labelRange, .augmentationShape, .updateOfForm, .lossBlock,
    // DRN05xx
    .rankSavesNothing, .rankUnaligned, .headRankBelowClasses, .coldOptimizer, .missesHighNoise, .missesLowNoise, .misalignedTransition,
    .unnamedLayer, .unusedBinding, .unusedDeclaration, .deployedForm, .unboundedTruncation, .adapterScale, .dataAbsent, .unchangedForm,
    .departsFromSource, .productVariance, .wideBasis, .endlessWarmup, .unknownLint, .unusedAllow, .pointlessValue, .frozenForm,
    .fixedAtZero, .seesTheAnswer, .coupledDecay, .lateTruncation, .squashedOutputs,
    // DRN06xx
    .requirementFails, .planTooLarge, .slowerThanDense, .accumulationTravels,
    // DRN07xx
    .diverged, .truncationError, .interrupted, .outputExists, .outputUnwritable, .dataUnusable, .runInUse,
    // DRN08xx
    .weightsUnusable, .checkpointMissing, .checkpointDamaged, .checkpointDiffers, .runUnusable, .inputUnfit, .tensorFileUnusable,
    .exportRefused, .mergeDiffers, .exportRanks, .notContinuable, .promptUnknown, .runUnreadable, .portUnusable,
    .sweepIncomplete, .importUnfit, .badNamePair, .noSuchBatches,
    // DRN09xx
    .defect, .devicesDivide, .engineMissing, .engineVersion, .engineMemory, .engineFailed, .engineDiffers,
    .engineUnable, .precisionUnavailable,
  ]
}
