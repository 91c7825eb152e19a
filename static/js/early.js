// Runs before the first paint: says that JavaScript is on, so that what needs it may show itself.
document.documentElement.dataset.js = "";
