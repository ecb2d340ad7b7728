# Completion of notiform for fish: notiform completion fish | source

function __notiform_complete
    set -l typed (commandline -opc)
    set -l word (string unescape -- (string trim -lc "\"'" -- (commandline -ct)))
    for line in (command $typed[1] __complete $typed[2..-1] "$word" 2>/dev/null </dev/null)
        if test "$line" = :files
            set -l kept (string match -r '^.*=' -- $word)
            for file in (__fish_complete_path (string replace -r '^.*=' '' -- $word))
                echo "$kept$file"
            end
        else
            echo $line
        end
    end
end
complete -c notiform -f -a '(__notiform_complete)'
