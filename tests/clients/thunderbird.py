"""A real Thunderbird on a screen of its own: one IMAP account, Kingpost's add-on, driven from inside.

with Thunderbird(folder, server, "anna", xpi) as bird:
    bird.select("Nachricht 1")
    assert "Hansen" in bird.banner()
"""

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assistant.clients import ADDON_ID
from tests.clients.marionette import Marionette
from tests.servers.dovecot import Dovecot, free_ports

PACKAGES = "apt-get install thunderbird thunderbird-l10n-de xvfb openbox imagemagick"
PROGRAMS = ("thunderbird", "Xvfb", "openbox", "import")
PATIENCE = 60.0
SIZE = "1280x860"
# nsMsgFolderFlags.Inbox
INBOX = 0x1000
BUTTON = f"{ADDON_ID.replace('@', '_')}-messageDisplayAction-toolbarbutton"

# Found in the window's own world: the message's document, and in it the closed shadow of the banner.
_COMMON = """
const window3 = Services.wm.getMostRecentWindow("mail:3pane");
const about3 = window3?.document.getElementById("tabmail")?.currentAbout3Pane;
const message = () => about3?.messageBrowser?.contentWindow?.getMessagePaneBrowser?.();
const frames = (outer) => [...outer.document.querySelectorAll("browser")]
  .filter((each) => !each.isRemoteBrowser && each.contentWindow)
  .flatMap((each) => [each.contentWindow, ...frames(each.contentWindow)]);
const addon = () => WebExtensionPolicy.getByID("ADDON_ID");
const waitFor = async (found, what) => {
  for (let turn = 0; turn < 600; turn++) {
    const value = await found();
    if (value) return value;
    await new Promise((resolve) => window3.setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
};
""".replace("ADDON_ID", ADDON_ID)


BANNER = """
const shadow = () => message()?.contentDocument?.querySelector("kingpost-banner")?.openOrClosedShadowRoot;
"""


def missing() -> str:
    """Why there can be no Thunderbird; "" when there can."""
    lacking = [program for program in PROGRAMS if not shutil.which(program)]
    return f"{', '.join(lacking)} not installed (Debian: {PACKAGES})" if lacking else ""


class Thunderbird:
    """A running Thunderbird. `user` is the mailbox on the server whose mail it shows."""

    def __init__(self, folder: Path, server: Dovecot, user: str, xpi: bytes, *, language: str = "de") -> None:
        self.folder, self.server, self.user = folder, server, user
        self.profile = folder / "profile"
        (self.profile / "extensions").mkdir(parents=True)
        (self.profile / "extensions" / f"{ADDON_ID}.xpi").write_bytes(xpi)
        self._port = free_ports(1)[0]
        # The person's browser: it notes what it is asked to open.
        browser = folder / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" >> {shlex.quote(str(folder / "opened"))}\n')
        browser.chmod(0o755)
        handler = {"action": 2, "handlers": [{"name": "browser", "path": str(browser)}]}
        handlers = {"defaultHandlersVersion": {}, "mimeTypes": {}, "schemes": {"http": handler}}
        (self.profile / "handlers.json").write_text(json.dumps(handlers))
        self.profile.joinpath("user.js").write_text(self._preferences(language))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._inside: Marionette | None = None

    @property
    def inside(self) -> Marionette:
        """The session within the program."""
        assert self._inside is not None, "Thunderbird is not running"
        return self._inside

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._end()

    def run(self, script: str, *arguments: object) -> Any:
        """What a script within the program returns."""
        return self.inside.run(_COMMON + script, *arguments)

    def select(self, subject: str, folder: int = INBOX) -> None:
        """Choose the message with this subject in the list, and wait until it is shown."""
        self.run(
            """
            const server = MailServices.accounts.accounts[0].incomingServer;
            const folder = await waitFor(() => server.rootFolder.getFolderWithFlags(args[1]), "the folder");
            if (about3.gFolder !== folder) about3.displayFolder(folder.URI);
            const row = await waitFor(() => {
              const view = about3.gDBView;
              for (let row = 0; row < (view?.rowCount ?? 0); row++) {
                const header = view.getMsgHdrAt(row);
                if (header.folder === folder && header.mime2DecodedSubject === args[0]) return { row, header };
              }
              folder.updateFolder(null);
            }, `a row “${args[0]}”`);
            const uri = folder.getUriForMsg(row.header);
            const pane = () => about3.messageBrowser.contentWindow;
            const shown = () => pane().gMessageURI === uri && message()?.contentDocument?.readyState === "complete"
              && message().currentURI.spec !== "about:blank"
              && pane().document.getElementById("messageHeader").getBoundingClientRect().width > 100;
            // A message that is chosen while the window is still being built comes without its header.
            for (let turn = 0; turn < 300 && !shown(); turn++) {
              about3.threadTree.selectedIndex = turn % 60 === 59 ? -1 : row.row;
              await new Promise((resolve) => window3.setTimeout(resolve, 100));
            }
            if (!shown()) throw new Error("the message is not shown");
            """,
            subject,
            folder,
        )

    def in_page(self, page: str, script: str) -> Any:
        """What a script returns in one of the add-on's own pages that is open, which live in another process.

        `page` is its file name; the script is the body of an async function that sees `document`, `wait(found)` and
        `press(element)`.
        """
        return self.run(
            """
            // A popup is loaded beside the screen and moved onto it; only then it is the one to talk to.
            const browsers = () => [...Services.wm.getEnumerator(null)].flatMap((each) => [each, ...frames(each)])
              .flatMap((each) => [...each.document.querySelectorAll("browser")]);
            const ready = (each) => each.messageManager && each.currentURI?.spec.endsWith(`/${args[0]}`)
              && (each.closest("panel")?.state ?? "open") === "open";
            const browser = await waitFor(() => browsers().find(ready), args[0]);
            const name = `kingpost:${Math.random()}`;
            const answer = new Promise((resolve, reject) => browser.messageManager.addMessageListener(name,
              ({ data }) => data.error ? reject(new Error(data.error)) : resolve(data.value)));
            const source = `(async () => {
              const document = content.document;
              const wait = async (found) => {
                for (let turn = 0; turn < 400; turn++) {
                  const value = found();
                  if (value) return value;
                  await new Promise((resolve) => content.setTimeout(resolve, 50));
                }
                throw new Error("waited in vain in: " + document.body.textContent);
              };
              const press = (element) => {
                const handling = content.windowUtils.setHandlingUserInput(true);
                try { element.click(); } finally { handling.destruct(); }
              };
              ${args[1]}
            })().then((value) => sendAsyncMessage(${JSON.stringify(name)}, { value: value ?? null }),
              (error) => sendAsyncMessage(${JSON.stringify(name)}, { error: String(error) }));`;
            const address = `data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`;
            browser.messageManager.loadFrameScript(address, false);
            // What was pressed may close the page before it can answer.
            const gone = (async () => {
              while (browser.isConnected) await new Promise((resolve) => window3.setTimeout(resolve, 100));
            })();
            return Promise.race([answer, gone]);
            """,
            page,
            script,
        )

    @property
    def opened(self) -> list[str]:
        """What the person's browser was asked to open."""
        note = self.folder / "opened"
        return note.read_text().split() if note.exists() else []

    def banner(self) -> str:
        """The words of the line above the message; "" without one."""
        return str(self.run(BANNER + 'return shadow()?.querySelector(".line")?.textContent ?? "";'))

    def banner_kind(self) -> str:
        """The line's own class, which says what is known of the sender."""
        return str(self.run(BANNER + 'return shadow()?.querySelector(".line")?.className ?? "";'))

    def press_in_banner(self, words: str) -> None:
        """Press a button of the line."""
        script = """
            const buttons = () => [...shadow()?.querySelectorAll("button") ?? []];
            const named = () => buttons().find((each) => each.textContent === args[0]);
            (await waitFor(named, `a button “${args[0]}”`)).click();
            """
        self.run(BANNER + script, words)

    def button(self) -> tuple[str, str]:
        """Label and badge of the add-on's button above the message."""
        found = self.run(
            """
            const button = about3.messageBrowser.contentDocument.getElementById(args[0]);
            return [button.getAttribute("label"), button.getAttribute("badge") ?? ""];
            """,
            BUTTON,
        )
        return found[0], found[1]

    def press_button(self) -> None:
        """Press the add-on's button above the message; its popup opens."""
        self.run(
            """
            const button = () => about3.messageBrowser.contentDocument.getElementById(args[0]);
            const shown = () => [...window3.document.querySelectorAll("browser.webextension-popup-browser")]
              .some((each) => each.closest("panel").state === "open");
            // A press while the popup before it still closes opens nothing; one while it is being loaded closes it.
            for (let turn = 0; turn < 450 && !shown(); turn++) {
              if (turn % 150 === 0) (await waitFor(button, "the button")).click();
              await new Promise((resolve) => window3.setTimeout(resolve, 100));
            }
            if (!shown()) throw new Error("no popup");
            """,
            BUTTON,
        )

    def _start(self) -> None:
        display = self._screen()
        environment = os.environ | {"DISPLAY": display, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        self._run(["openbox"], environment)
        command = ["thunderbird", "--profile", str(self.profile), "--no-remote"]
        self._run([*command, "--marionette", "--remote-allow-system-access"], environment)
        self._display = display
        self._inside = Marionette(self._port)
        built = """
            const pane = about3?.messageBrowser?.contentWindow;
            return pane?.location.href === "about:message" && pane.document.readyState === "complete";
            """
        until(lambda: self.run(built), "the window is built")
        self.run(
            """
            const login = Components.classes["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
            login.init("imap://" + args[0], null, "imap://" + args[0], args[1], args[2], "", "");
            const kept = await Services.logins.searchLoginsAsync({ origin: login.origin });
            if (!kept.length) await Services.logins.addLoginAsync(login);
            const server = MailServices.accounts.accounts[0].incomingServer;
            server.performExpand(null);
            const inbox = await waitFor(() => server.rootFolder.getFolderWithFlags(0x1000), "the inbox");
            about3.displayFolder(inbox.URI);
            await waitFor(() => addon()?.active !== false && addon(), "the add-on");
            """,
            self.server.host,
            self.user,
            self.server.password,
        )

    def _screen(self) -> str:
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SIZE}x24", "-nolisten", "tcp"]
        self._run(command, dict(os.environ), pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as said:
            return f":{said.readline().strip()}"

    def _run(self, command: list[str], environment: dict[str, str], pass_fds: tuple[int, ...] = ()) -> None:
        with (self.folder / "log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    command,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    pass_fds=pass_fds,
                )
            )

    def _end(self) -> None:
        if self._inside is not None:
            self._inside.__exit__()
            self._inside = None
        for process in reversed(self._processes):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        self._processes.clear()

    def banner_box(self) -> dict[str, Any]:
        """Where the line stands in the message, in pixels, and whether it can be seen there."""
        found: dict[str, Any] = self.run(
            BANNER
            + """
            const line = shadow().querySelector(".line"), box = line.getBoundingClientRect();
            const document = message().contentDocument;
            const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            const visible = line.checkVisibility({ opacityProperty: true, visibilityProperty: true });
            const seen = visible && hit?.localName === "kingpost-banner";
            return { top: box.top, height: box.height, width: box.width, seen };
            """
        )
        return found

    def reply(self) -> tuple[str, str]:
        """Answer the message that is shown: what the button says, once it says more than its name, and the letter."""
        found = self.run(
            """
            about3.messageBrowser.contentWindow.commandController.doCommand("cmd_reply");
            const compose = await waitFor(() => Services.wm.getMostRecentWindow("msgcompose"), "the compose window");
            const button = await waitFor(() => compose.document.getElementById(args[0]), "the button");
            await waitFor(() => button.label !== "Kunde", "what was said last");
            const body = compose.document.getElementById("messageEditor").contentDocument.body;
            return [button.label, body.textContent];
            """,
            BUTTON.replace("messageDisplayAction", "composeAction"),
        )
        return found[0], found[1]

    def close_reply(self) -> None:
        """Throw the answer away."""
        self.run(
            """
            const compose = Services.wm.getMostRecentWindow("msgcompose");
            compose.gMsgCompose.bodyModified = false;
            compose.gContentChanged = false;
            compose.close();
            await waitFor(() => !Services.wm.getMostRecentWindow("msgcompose"), "the window closes");
            """
        )

    def close_tab(self) -> None:
        """Close the tab beside the mail, and wait for the mail to be back."""
        self.run(
            """
            const tabs = window3.document.getElementById("tabmail");
            tabs.closeTab(1);
            await waitFor(() => tabs.currentAbout3Pane, "the mail");
            """
        )

    def close_popup(self) -> None:
        """Close what hangs from a button."""
        self.run('for (const each of window3.document.querySelectorAll("panel")) each.hidePopup?.();')

    def restart(self) -> None:
        """End Thunderbird and start it again."""
        self._end()
        self._start()

    def enable_again(self) -> None:
        """Switch the add-on off and on, while a message is open whose line is taken away meanwhile."""
        self.run(
            """
            const { AddonManager } = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
            const found = await AddonManager.getAddonByID(args[0]);
            await found.disable();
            message().contentDocument.querySelector("kingpost-banner").remove();
            await found.enable();
            """,
            ADDON_ID,
        )

    def stop_background(self) -> None:
        """End the add-on's background, as Thunderbird does when it has been idle."""
        self.run(
            """
            const { extension } = WebExtensionPolicy.getByID(args[0]);
            await extension.terminateBackground({ disableResetIdleForTest: true });
            """,
            ADDON_ID,
        )

    def dialogs(self) -> list[str]:
        """Windows that are open beside the mail."""
        found: list[str] = self.run(
            "return [...Services.wm.getEnumerator(null)].map((each) => each.location.href).filter((each) => "
            '!["chrome://messenger/content/messenger.xhtml"].includes(each));'
        )
        return found

    def screenshot(self, path: Path) -> None:
        """What a person would see."""
        path.parent.mkdir(parents=True, exist_ok=True)
        command = ["import", "-window", "root", "-display", self._display, str(path)]
        subprocess.run(command, check=True, timeout=30)

    def _preferences(self, language: str) -> str:
        server = {
            "type": "imap", "hostname": self.server.host, "port": self.server.port, "userName": self.user,
            "name": "Muster GmbH", "authMethod": 3, "socketType": 0, "login_at_startup": False, "check_new_mail": False,
            "timeout": 29, "is_gmail": False,
        }  # fmt: skip
        chosen: dict[str, object] = {
            "mail.accountmanager.accounts": "account1,account2",
            "mail.accountmanager.defaultaccount": "account1",
            "mail.accountmanager.localfoldersserver": "server2",
            "mail.account.account1.server": "server1",
            "mail.account.account1.identities": "id1",
            "mail.account.account2.server": "server2",
            "mail.server.server2.type": "none",
            "mail.server.server2.hostname": "Local Folders",
            "mail.server.server2.userName": "nobody",
            "mail.server.server2.name": "Lokale Ordner",
            **{f"mail.server.server1.{key}": value for key, value in server.items()},
            "mail.identity.id1.fullName": "Anna Arndt",
            "mail.identity.id1.useremail": f"{self.user}@muster.example",
            "mail.identity.id1.smtpServer": "smtp1",
            "mail.smtpservers": "smtp1",
            "mail.smtp.defaultserver": "smtp1",
            "mail.smtpserver.smtp1.hostname": "localhost",
            "mail.smtpserver.smtp1.port": 9,
            "mail.provider.suppress_dialog_on_startup": True,
            "mail.spotlight.firstRunDone": True,
            "mail.winsearch.firstRunDone": True,
            "mail.rights.override": True,
            "mail.shell.checkDefaultClient": False,
            "mailnews.start_page.enabled": False,
            "mailnews.start_page_override.mstone": "ignore",
            "mail.inappnotifications.enabled": False,
            "datareporting.policy.bypassNotification": True,
            "datareporting.policy.dataSubmissionEnabled": False,
            "app.donation.eoy.version.viewed": 999,
            "app.update.enabled": False,
            "intl.locale.requested": language,
            "intl.accept_languages": language,
            "extensions.autoDisableScopes": 0,
            "extensions.startupScanScopes": 15,
            "extensions.background.idle.timeout": 30_000,
            "network.proxy.type": 0,
            "services.settings.server": "data:,",
            "ui.prefersReducedMotion": 1,
            "marionette.port": self._port,
        }
        return "".join(f"user_pref({json.dumps(key)}, {json.dumps(value)});\n" for key, value in chosen.items())


def until(true: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Wait until something is the case."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, f"waited {patience:g} s in vain: {what}"
        time.sleep(0.05)
