// form[data-passkey] asks the browser for a passkey and posts what it says as `credential`.
// "add" makes one; "use" shows one that is known; "sign-in" asks the server first whom it may be.
const bytes = (words) => Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function toMake(key) {
  return { ...key, challenge: bytes(key.challenge), user: { ...key.user, id: bytes(key.user.id) }, excludeCredentials: known(key.excludeCredentials) };
}

function toUse(key) {
  return { ...key, challenge: bytes(key.challenge), allowCredentials: known(key.allowCredentials) };
}

function plain(found) {
  const said = found.response;
  const response = { clientDataJSON: words(said.clientDataJSON) };
  if (said.attestationObject) response.attestationObject = words(said.attestationObject);
  if (said.authenticatorData) {
    response.authenticatorData = words(said.authenticatorData);
    response.signature = words(said.signature);
    if (said.userHandle) response.userHandle = words(said.userHandle);
  }
  return { id: found.id, rawId: words(found.rawId), type: found.type, response, clientExtensionResults: found.getClientExtensionResults() };
}

async function ask(form) {
  if (form.dataset.passkey === "sign-in") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    const options = await answer.json();
    return navigator.credentials.get({ publicKey: toUse(options.request_options.publicKey) });
  }
  const data = JSON.parse(document.getElementById("passkey-data").textContent);
  if (form.dataset.passkey === "use") return navigator.credentials.get({ publicKey: toUse(data.request_options.publicKey) });
  const key = toMake(data.creation_options.publicKey);
  const alone = form.elements.passwordless?.checked ?? false;
  const need = alone ? "required" : "discouraged";
  key.authenticatorSelection = { ...key.authenticatorSelection, residentKey: need, requireResidentKey: alone, userVerification: alone ? "required" : "preferred" };
  return navigator.credentials.create({ publicKey: key });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    form.querySelector("[data-passkey-cannot]")?.removeAttribute("hidden");
    continue;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const told = form.querySelector("[data-passkey-told]");
    try {
      form.elements.credential.value = JSON.stringify(plain(await ask(form)));
      form.submit();
    } catch (error) {
      if (told) told.textContent = "No passkey was used. Try again, or choose another way.";
      form.querySelector("button")?.focus();
    }
  });
}
