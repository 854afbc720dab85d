/** Trouble the reader can mend: shown as its sentence, without a stack. */
export class SetupTrouble extends Error {}
