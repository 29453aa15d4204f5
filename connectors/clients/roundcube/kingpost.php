<?php

/**
 * Kingpost for Roundcube 1.6: who wrote the opened mail, in a box beside it.
 *
 * Roundcube's server asks Kingpost with the token of config.inc.php; the browser never sees that token. An answer that
 * is late, odd or missing leaves the mail as it is. Whatever comes from mails and records is text, never markup.
 *
 * @license Apache-2.0
 */
class kingpost extends rcube_plugin
{
    public $task = 'mail';

    /** Seconds that an opened mail may wait, and how long a service that did not answer in time is left alone. */
    private const PATIENCE = 1.0;
    private const PAUSE = 30;
    private const LARGEST = 262144;

    /** Sections of the Summary in the order of the box; the last two are folded away. */
    private const SECTIONS = ['cases', 'promises', 'next_action', 'money', 'particulars', 'value'];
    private const FOLDED = ['recent', 'references'];
    private const STATUS = ['known', 'review', 'unknown', 'spoof', 'pending'];

    private $rcmail;

    public function init()
    {
        $this->rcmail = rcmail::get_instance();
        $this->load_config();
        $this->add_hook('message_objects', [$this, 'beside']);
    }

    /**
     * Hook: what stands between a mail's header and its body. A printed mail is for other eyes and gets no box.
     */
    public function beside($args)
    {
        if ($this->rcmail->action === 'print') {
            return $args;
        }
        try {
            $summary = $this->ask($args['message']);
            if ($summary !== null) {
                $this->add_texts('localization/');
                $this->include_stylesheet('kingpost.css');
                array_unshift($args['content'], $this->box($summary));
            }
        } catch (Throwable $error) {
            rcube::write_log('errors', 'kingpost: ' . get_class($error));
        }
        return $args;
    }

    /**
     * The Summary of a mail, or null where nobody may ask or no good answer came in time.
     */
    private function ask($message): ?array
    {
        $url = rtrim((string) $this->rcmail->config->get('kingpost_url'), '/');
        $token = $this->token();
        $message_id = trim((string) $message->get_header('message-id'));
        if ($token === '' || $message_id === '' || strlen($message_id) > 2000 || !self::may_carry_a_token($url)) {
            return null;
        }
        if (($_SESSION['kingpost_pause'] ?? 0) > time()) {
            return null;
        }
        $question = ['message_id' => $message_id];
        if (!empty($message->sender['mailto']) && strlen($message->sender['mailto']) <= 200) {
            $question['from'] = $message->sender['mailto'];
        }
        if (!empty($message->subject) && mb_strlen($message->subject) <= 10000) {
            $question['subject'] = $message->subject;
        }
        $began = microtime(true);
        try {
            $answer = $this->rcmail->get_http_client([
                'timeout' => self::PATIENCE,
                'connect_timeout' => self::PATIENCE,
                'read_timeout' => self::PATIENCE,
                'http_errors' => false,
                'allow_redirects' => false,
                'stream' => true,
                'verify' => $this->rcmail->config->get('kingpost_ca') ?: true,
            ])->post($url . '/api/v1/summary', [
                'json' => $question,
                'headers' => [
                    'Accept' => 'application/json',
                    'Accept-Language' => str_replace('_', '-', $_SESSION['language'] ?? 'en'),
                    'Authorization' => 'Bearer ' . $token,
                ],
            ]);
            return $answer->getStatusCode() === 200 ? self::read($answer->getBody(), $began) : null;
        } catch (GuzzleHttp\Exception\GuzzleException $error) {
            return null;
        } finally {
            if (microtime(true) - $began >= self::PATIENCE) {
                $_SESSION['kingpost_pause'] = time() + self::PAUSE;
            }
        }
    }

    /** The token of this Roundcube user, or the one for all; "" where there is none. */
    private function token(): string
    {
        $own = (array) $this->rcmail->config->get('kingpost_tokens', []);
        return (string) ($own[$this->rcmail->get_user_name()] ?? $this->rcmail->config->get('kingpost_token', ''));
    }

    private static function may_carry_a_token(string $url): bool
    {
        return (bool) preg_match('~^(https://|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$)~', $url);
    }

    private static function read($body, float $began): ?array
    {
        $text = '';
        while (!$body->eof()) {
            $text .= $body->read(65536);
            if (strlen($text) > self::LARGEST || microtime(true) - $began > self::PATIENCE) {
                return null;
            }
        }
        $summary = json_decode($text, true, 32);
        return is_array($summary) && in_array($summary['status'] ?? '', self::STATUS, true) ? $summary : null;
    }

    // -- the box

    private function box(array $summary): string
    {
        $status = $summary['status'];
        $match = $summary['match'] ?? [];
        $trust = $summary['trust'] ?? [];
        $html = $this->heading($summary);
        if ($status === 'spoof') {
            $html .= self::tag('p', $match['sentence'] ?? '');
        } elseif (!empty($summary['customer'])) {
            $html .= self::tag('p', $match['sentence'] ?? '', 'quiet');
        }
        if (!empty($trust['sentence'])) {
            $html .= self::tag('p', $trust['sentence'], 'trust-' . (($trust['verdict'] ?? '') === 'fail' ? 'fail' : 'other'));
        }
        if ($status !== 'known' && !empty($match['candidates'])) {
            $candidates = array_map(function ($one) {
                return ['text' => $one['name'] ?? '', 'href' => $one['href'] ?? null];
            }, $match['candidates']);
            $html .= $this->section($status === 'spoof' ? 'pretended' : 'candidates', $candidates);
        }
        if (!empty($summary['complaint'])) {
            $html .= '<div class="complaint">' . $this->line($summary['complaint'])
                . $this->lines($summary['complaint']['lines'] ?? []) . '</div>';
        }
        foreach (self::SECTIONS as $name) {
            $html .= $this->section($name, $summary[$name] ?? null);
        }
        foreach (self::FOLDED as $name) {
            $lines = $this->lines($summary[$name] ?? null);
            if ($lines !== '') {
                $html .= '<details><summary>' . self::q($this->gettext($name)) . '</summary>' . $lines . '</details>';
            }
        }
        $label = self::q($this->gettext('box'));
        // What has the classes of an alert already, the skin leaves as it is.
        return "<aside class=\"kingpost ui alert is-$status\" aria-label=\"$label\">$html</aside>";
    }

    private function heading(array $summary): string
    {
        $customer = $summary['customer'] ?? null;
        if (!$customer) {
            $spoof = $summary['status'] === 'spoof';
            return self::tag('p', $spoof ? $this->gettext('spoof') : ($summary['match']['sentence'] ?? ''), 'name');
        }
        $crown = !empty($customer['king']) ? '<span title="' . self::q($this->gettext('king')) . '">♔</span> ' : '';
        $href = $this->page('/customers/' . rawurlencode(self::text($customer['id'] ?? '')));
        $contact = $summary['contact'] ?? [];
        $since = self::text($customer['since'] ?? '');
        $person = array_filter([
            self::text($contact['name'] ?? ''),
            self::text($contact['role'] ?? ''),
            $since !== '' ? $this->gettext(['name' => 'since', 'vars' => ['since' => $since]]) : '',
        ]);
        return '<p class="name">' . $crown . self::anchor($customer['name'] ?? '', $href) . '</p>'
            . self::tag('p', implode(' · ', $person));
    }

    private function section(string $name, $lines): string
    {
        $html = $this->lines($lines);
        return $html === '' ? '' : self::tag('p', $this->gettext($name), 'title') . $html;
    }

    /** One line of the Summary or several, as a list. */
    private function lines($lines): string
    {
        $lines = isset($lines['text']) ? [$lines] : (is_array($lines) ? $lines : []);
        $html = '';
        foreach ($lines as $line) {
            if (is_array($line) && !empty($line['text'])) {
                $html .= '<li>' . $this->line($line) . '</li>';
            }
        }
        return $html === '' ? '' : "<ul>$html</ul>";
    }

    private function line(array $line): string
    {
        $day = empty($line['date']) ? '' : $this->rcmail->format_date($line['date'], $this->rcmail->config->get('date_format', 'Y-m-d'));
        $text = self::anchor($line['text'] ?? '', $this->page($line['href'] ?? null));
        return ($day !== '' ? '<time>' . self::q($day) . '</time> ' : '') . $text;
    }

    /** The address of a page of Kingpost, where the path is one. */
    private function page($path): ?string
    {
        $public = $this->rcmail->config->get('kingpost_page') ?: $this->rcmail->config->get('kingpost_url');
        return is_string($path) && preg_match('~^/[\w%.#?=&-][\w%./#?=&-]*$~', $path) ? rtrim($public, '/') . $path : null;
    }

    private static function anchor($text, ?string $href): string
    {
        $text = self::q($text);
        return $href === null ? $text : '<a href="' . self::q($href) . "\" target=\"_blank\" rel=\"noopener noreferrer\">$text</a>";
    }

    private static function tag(string $name, $text, string $class = ''): string
    {
        $text = self::q($text);
        return $text === '' ? '' : ($class === '' ? "<$name>$text</$name>" : "<$name class=\"$class\">$text</$name>");
    }

    private static function text($value): string
    {
        return is_scalar($value) ? (string) $value : '';
    }

    private static function q($text): string
    {
        return htmlspecialchars(self::text($text), ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
