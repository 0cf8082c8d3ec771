import { WebKit } from './driver/webkit.mjs';
import { tour } from './tour.mjs';

tour(WebKit);
