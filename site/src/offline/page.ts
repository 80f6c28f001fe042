// The entry of the offline file: the page, with the state that it was saved with and links that lead to where it came from.

import './saved';
import '../app';
