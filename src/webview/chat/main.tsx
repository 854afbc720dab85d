import { render } from 'preact';
import '../theme.css';
import './chat.css';
import { ChatApp } from './ChatApp.tsx';
import { connectHost } from './host.ts';

const root = document.getElementById('root');
if (root !== null) render(<ChatApp host={connectHost()} />, root);
