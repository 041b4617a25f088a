// Called by electron-builder before it collects node_modules: everything is in our bundles, and nothing is to be
// collected. Without this it takes the repository's, for the app's own folder has none.
export default function beforeBuild() {
  return false;
}
