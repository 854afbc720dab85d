/** What one program would start in turn. `args` are the positional parameters of a script. */
export type Started =
  | { readonly kind: 'argv'; readonly argv: readonly string[] }
  | { readonly kind: 'script'; readonly text: string; readonly args: readonly string[] }
  | { readonly kind: 'file'; readonly name: string; readonly args: readonly string[] }
  /** Whatever stands on its standard input. */
  | { readonly kind: 'input'; readonly args: readonly string[] };
