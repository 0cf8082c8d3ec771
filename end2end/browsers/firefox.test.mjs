import { Firefox } from './driver/firefox.mjs';
import { tour } from './tour.mjs';

tour(Firefox);
