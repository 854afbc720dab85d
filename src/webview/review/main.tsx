import { render } from 'preact';
import '../theme.css';
import './review.css';
import { connectHost } from './host.ts';
import { ReviewApp } from './ReviewApp.tsx';

const root = document.getElementById('root');
if (root !== null) render(<ReviewApp host={connectHost()} />, root);
