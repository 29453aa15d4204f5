// A window that was opened for one answer goes away with it; where the browser does not let it, its words say so.
window.close();
