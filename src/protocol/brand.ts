declare const brand: unique symbol;

/** A string that only one parse function makes; everywhere else it is trusted. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };
