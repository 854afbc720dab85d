import type { ChatState } from '../../protocol/chatPage.ts';

export type ChatCard = NonNullable<ChatState['card']>;
export type CommandCard = Extract<ChatCard, { kind: 'command' }>;
