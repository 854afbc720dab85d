import type { DrawnFile } from '../../protocol/cardDrawing.ts';
import type { ReviewState, ToReviewPage } from '../../protocol/reviewPage.ts';

/** What the page has got from the host: the review on show, and those of its files that were near. */
export type PageModel =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'empty'; readonly because: string }
  | {
      readonly kind: 'review';
      readonly state: ReviewState;
      readonly files: ReadonlyMap<number, DrawnFile>;
    };

/** The model after a message. What belongs to another card than the one on show came too late and is dropped. */
export function afterPageMessage(model: PageModel, message: ToReviewPage): PageModel {
  if (message.kind === 'empty') return message;
  if (message.kind === 'show') {
    const kept = model.kind === 'review' && model.state.card === message.state.card ? model.files : new Map();
    return { kind: 'review', state: message.state, files: kept };
  }
  if (model.kind !== 'review' || message.card !== model.state.card) return model;
  switch (message.kind) {
    case 'standing':
      return { ...model, state: { ...model.state, ...message.changes } };
    case 'gaps': {
      const file = model.files.get(message.index);
      if (file === undefined) return model;
      return {
        ...model,
        files: new Map(model.files).set(message.index, { ...file, gaps: message.gaps }),
      };
    }
    case 'file': {
      const { gaps: _, ...head } = message.file;
      const files = model.state.files.with(message.index, {
        ...head,
        hunks: message.file.hunks.map(({ id }) => id),
      });
      return {
        kind: 'review',
        state: { ...model.state, files },
        files: new Map(model.files).set(message.index, message.file),
      };
    }
  }
}
